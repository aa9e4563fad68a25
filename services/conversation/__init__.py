"""What a resident and the desk write to each other inside a dossier."""
