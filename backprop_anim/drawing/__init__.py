"""What panels draw with: places, text, axes and layers; it knows no panel."""
