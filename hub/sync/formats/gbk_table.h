#pragma once

#include <array>
#include <cstdint>

#include "sync/formats/charset.h"

namespace yimen::sync {

/// UTF-8 of each code, as iconv has it: first byte lowest; of up to three bytes their number is the
/// highest byte, four tell themselves by their first. 0: no such code.
struct GbkTable {
    std::array<std::uint32_t, 65536> utf8{};  ///< of two bytes
    std::array<std::uint32_t, 256> single{};  ///< of one byte above 0x7F: the euro sign of code page 936

    static std::uint32_t lengthOf(std::uint32_t entry) noexcept { return (entry & 0xF8U) == 0xF0U ? 4U : entry >> 24U; }
};

/// Made once per process (about 2 ms) from iconv, which is also what the tests compare with. `charset` is kGbk or
/// kGb18030. Any thread.
const GbkTable& gbkTable(Charset charset);

}  // namespace yimen::sync
