#pragma once

#include "adapter/manifest.h"

namespace yimen::adapter {

/// Parts of reading a manifest; each notes what is wrong in `reader.errors()`. Used by manifest.cpp only.

/// `login:` with the section of its kind.
void readLogin(config::MapReader& reader, Login& login);
/// `signals:`; texts become bytes of `charset`.
void readSignals(config::MapReader& reader, const std::string& charset, Signals& signals);
TemplateFields readTemplates(config::MapReader& reader, std::string_view key);
/// Checks that cut across sections: what could load but never work.
void checkManifest(const Manifest& manifest, config::MapReader& reader);

/// A canonical path that starts with '/'; `pattern` allows '*'. Notes an error under `key`.
void checkPath(config::MapReader& reader, std::string_view key, const std::string& path, bool pattern);

}  // namespace yimen::adapter
