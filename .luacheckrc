std = "lua54"
max_line_length = 120
-- What the hub gives to a sign-on script (hub/adapter/host_api.cpp). Hooks may leave arguments unused.
files["adapters"] = {
    read_globals = {"hash", "base64", "url", "charset", "json", "html", "http", "log"},
    ignore = {"212"},
}
