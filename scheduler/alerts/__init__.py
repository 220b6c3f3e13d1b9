"""Alerts 疑点 over many entries: pure folds on event time, with thresholds from the policy in use.

``rules`` holds one fold per pattern, ``facts`` what they remember, ``observe`` runs them all on the
next entry. Nothing here reads a clock: time passes when an entry of a later day comes.
"""
