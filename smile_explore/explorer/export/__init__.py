"""Take along what is on screen: pictures, movies, data, a page, its lines."""
