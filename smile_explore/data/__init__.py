"""What comes from files: MHD cubes, solar wind, samples, stored results."""
