#pragma once

#include <string>
#include <string_view>

namespace yimen::gateway {

/// A Content-Disposition whose file name stands in raw bytes of the system's charset, with the name as RFC 8187 wants
/// it: browsers guess such bytes by the language of the machine and otherwise name the file after the address. Empty
/// when there is nothing to do: the name is plain ASCII, `filename*` is there already, or the bytes are not valid in
/// `charset` either. Any thread.
std::string readableFileName(std::string_view disposition, std::string_view charset);

}  // namespace yimen::gateway
