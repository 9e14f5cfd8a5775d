// What is decoded points into the message, and a message that is taken is not taken with a byte less or more.
#include "sync/sources/pg_output.h"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace yimen;

namespace {

void inside(std::string_view message, const std::vector<sync::PgCell>& row) {
    for (const auto& cell : row) {
        if (cell.state != sync::PgCell::State::kText) continue;
        const char* end = message.data() + message.size();
        if (cell.text.data() < message.data() || cell.text.data() + cell.text.size() > end) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string message(data, data + size);
    sync::PgChange change;
    if (!sync::decodePgOutput(message, change).ok()) return 0;
    inside(message, change.before);
    inside(message, change.row);
    if (change.kind == sync::PgChange::Kind::kOther) return 0;
    if (sync::decodePgOutput(message + 'x', change).ok()) std::abort();
    if (sync::decodePgOutput(std::string_view(message).substr(0, size - 1), change).ok()) std::abort();
    return 0;
}
