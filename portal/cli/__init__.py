"""The command line ``wurao``: one small file per group of commands, composed in ``main``."""
