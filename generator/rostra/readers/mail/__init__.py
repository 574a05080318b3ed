"""Mail: mailboxes, folders of messages, digests.

It contains only readers of mail and what they share; other readers do not import it.
"""
