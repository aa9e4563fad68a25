"""What readers meet around the wards' pages: lists, search, feeds, calendars, banners, what else there is."""
