"""The pages: what people meet in a browser. Every main flow works without a script.

Routes stay thin: they ask ``authorize``, read through ``streams.queries``, hand commands to the
same door as the interface for programs, and show. No rule of policy is stated here.
"""
