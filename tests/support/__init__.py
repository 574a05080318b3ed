"""What tests share: sites that change, servers on loopback, inputs made to do harm, checks that hold for every body.

Nothing here is a test, and no module shares its name with a module of the package.
"""
