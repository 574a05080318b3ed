"""Mail: mailboxes, folders of messages, digests.

Only readers of mail and what they share; other readers do not import it.
"""
