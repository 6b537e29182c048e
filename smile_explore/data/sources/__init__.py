"""One ladder to measured data: cache, pyspedas, network.

`ladder.days` is the way in. `products.PRODUCTS` says what can be had, the
`worker` is the process that talks to the archives, `process` watches it, and
`day_files` keeps what it brought.
"""
