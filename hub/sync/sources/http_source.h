#pragma once

#include <memory>
#include <string_view>

#include "sync/source.h"
#include "sync/sources/http_request.h"

namespace yimen::sync {

/// `detail` of the error (kConflict) that says records of the source were missed.
inline constexpr std::string_view kGapDetail = "gap";

/// An interface over HTTP: documents in any format, in pages of any kind, complete or since a watermark, as
/// hub/sync/sources/README.md declares it. A read that is interrupted goes on at the page it stood at. One try per
/// call: trying again is the runner's business. Errors with detail "gap" (kConflict): records of a feed were missed.
std::unique_ptr<Source> makeHttpSource(HttpSpec spec, HttpParts parts);
/// The same from a data.yaml, errors with file:line:column. Without a client of its own in `parts` it gets one that
/// talks to the origin of `base` and to nobody else.
core::Result<std::unique_ptr<Source>> readHttpSource(const config::YamlNode& source, const config::YamlNode& read,
                                                     const SecretLookup& secrets, HttpParts parts);

}  // namespace yimen::sync
