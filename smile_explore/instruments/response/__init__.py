"""The response of SXI: small tables in one dataset, each replaceable.

Read `tables.assumed` first. `area`, `redistribution`, `psf`, `detector` and
`background` make the tables; `fold` turns photons into channels, `counts`
an image of intensity into expected counts, `events` counts into photons;
`sources` puts stars into the field; `composition` finds what the solar wind is
made of.
"""
