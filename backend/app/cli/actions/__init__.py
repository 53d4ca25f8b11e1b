"""What the commands do. Importing these modules reads the settings, so it is done once the words are read."""
