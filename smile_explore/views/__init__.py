"""Views: what is seen at a time, as HoloViews elements.

A view is ``view(data, time) -> hv.Overlay``. Beside it stands
``layers(data, time)``: the bare columns of everything in it that changes with
time, keyed by the label of the element that shows them. The explorer renders
a view once and from then on only replaces those columns.
"""
