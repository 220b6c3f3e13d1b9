"""A whole year of the fictional county: every mechanism at work, misconduct in it, and what it came to.

``town`` and ``wishes`` say what is there and what is asked, ``schemes`` what somebody does wrong,
``behaviour`` how people act, ``play`` runs the days, ``score`` reads the ledger afterwards. What was
planted is known to the script alone: the detectors read the ledger, and nothing else.
"""
