"""The tests of the web page, in a real browser against real nodes; see scripts/browser-tests."""
