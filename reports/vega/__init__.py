"""Charts as Vega-Lite specifications, built here and nowhere else, and drawn as SVG on the server."""
