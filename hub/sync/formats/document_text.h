#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "sync/formats/charset.h"

namespace yimen::sync {

/// A whole document as UTF-8, without its byte order mark. `charset` nothing: found by detectCharset, with `declared`
/// (the HTTP header) as a hint. A byte that is no text is an error that says where: a document with structure is taken
/// whole or not at all. Any thread.
core::Result<std::string> documentText(std::string_view document, std::string_view bytes,
                                       std::optional<Charset> charset, std::optional<Charset> declared);

}  // namespace yimen::sync
