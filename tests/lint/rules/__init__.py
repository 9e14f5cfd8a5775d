"""All rules by name. A rule takes a Tree and gives findings."""
from rules import adapters, cplusplus, layers, portal, texts

RULES = {
    "layers": layers.include_direction,
    "homes": layers.third_party_homes,
    "file-length": cplusplus.file_length,
    "function-length": cplusplus.function_length,
    "parameters": cplusplus.parameters,
    "banned": cplusplus.banned_words,
    "wide-catch": cplusplus.wide_catch,
    "namespace": cplusplus.namespace_is_path,
    "pragma-once": cplusplus.pragma_once,
    "unit-test": cplusplus.has_unit_test,
    "readme": texts.folder_readme,
    "leftovers": texts.leftovers,
    "machine-paths": texts.machine_paths,
    "events": texts.event_ids,
    "adapter-folder": adapters.adapter_folder,
    "lua-length": adapters.lua_length,
    "luacheck": adapters.luacheck,
    "portal-colours": portal.raw_colours,
    "format": cplusplus.clang_format,
}
