"""Whether a ward's announcements are read and of use: sums of a day, and what readers wrote."""
