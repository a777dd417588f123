//! Sheets that lay a study on pages (12×1, 3×4+1R, segments …), and the JSON. What to show stands here; how marks are painted stands in `page`.
