"""The residents' side: report, follow, answer."""
