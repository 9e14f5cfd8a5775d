#pragma once

#include <string>

#include "core/result.h"

namespace yimen::plugin {

/// What is looked at before a library is opened. Blocking; start-up and command line only.

inline constexpr std::size_t kMaxLibraryBytes = std::size_t{64} << 20U;

/// The folder of the plugins: absolute, a directory of root or of the user we run as, not writable by anybody else.
core::Status checkPluginFolder(const std::string& folder);

/// A regular file (no symbolic link) of root or of the user we run as, not writable by anybody else, at most
/// kMaxLibraryBytes. Gives its SHA-256 in lower-case hexadecimal.
core::Result<std::string> checkLibraryFile(const std::string& path);

/// Opens the library in a process of its own and calls its one symbol there, with all references bound at once: what
/// ends a process while it loads (an exception of a constructor, a missing reference, an endless loop) then ends that
/// one. The error says what happened.
core::Status probeLibrary(const std::string& path);

}  // namespace yimen::plugin
