#pragma once

#include <string>
#include <string_view>

#include "config/snapshot.h"
#include "config/yaml.h"
#include "core/result.h"
#include "core/secret.h"

namespace yimen::config {

/// Reads and checks a whole configuration. The error holds every complaint, one line each. Blocks; start-up, reload in
/// a worker, command line. Nothing is applied here: the caller swaps the snapshot as a whole.
core::Result<SnapshotPtr> loadConfig(const std::string& path);

/// The same from a text. `fileName` is shown in errors; relative paths stand beside it. `errors` also tells which keys
/// were left to their defaults.
core::Result<SnapshotPtr> parseConfig(std::string_view text, const std::string& fileName, YamlErrors& errors);

/// The value behind "file:PATH" (at most 64 KiB, one trailing line end is cut) or "env:NAME". kNotFound when there is
/// none; the error never quotes the value.
core::Result<core::Secret> resolveSecret(const std::string& reference);

}  // namespace yimen::config
