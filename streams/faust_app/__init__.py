"""The Faust application: agents over the same handler, and tables of what flows. Faust stays here."""
