"""The five specialists. Agents never import each other; a graph puts them together."""
