"""What `make bench` measures: ratios to a bare Django view or to the same work bare, in one run."""
