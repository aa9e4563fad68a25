"""The resident's screens. Each starts from what the person may see; strangers get 404."""
