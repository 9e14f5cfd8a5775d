// Events one behind the other, as a log file has them: what is decoded is taken to the end, and nothing but a Failure
// comes out of it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "binlog_charset.h"
#include "binlog_event.h"
#include "binlog_rows.h"
#include "binlog_statement.h"
#include "binlog_values.h"
#include "yimen/plugin.hpp"

using namespace yimen::mysql;

namespace {

const Charset& gbk() {
    static const auto charset = Charset::make("gbk");
    return *charset;
}
const Charset& plain() {
    static const auto charset = Charset::make("utf8mb4");
    return *charset;
}

Display displayOf(const LogColumn& column) {
    Display out;
    out.zone = 8 * 3600;
    if (column.collation != 63) out.charset = column.collation == 28 ? &gbk() : &plain();
    return out;
}

void takeRows(const Event& event, const LogTable& table) {
    RowsEvent rows(event);
    if (!rows.whole()) return;
    RowImage before;
    RowImage after;
    std::string text;
    while (rows.next(table, before, after)) {
        for (const RowImage* image : {&before, &after}) {
            for (std::size_t i = 0; i < image->size(); ++i) {
                text.clear();
                if ((*image)[i]) appendCell(table.columns[i], displayOf(table.columns[i]), *(*image)[i], text);
            }
        }
    }
}

void takeEvent(std::string_view bytes, bool& checksum, LogTable& table) {
    const Event event = readEvent(bytes, checksum);
    switch (event.type) {
        case EventType::kFormat:
            checksum = readsChecksum(event);
            break;
        case EventType::kRotate:
            if (readRotate(event).file.empty()) std::abort();
            break;
        case EventType::kGtid:
            readGtid(event);
            break;
        case EventType::kQuery: {
            const Query query = readQuery(event);
            effectOf(query.text, query.database, "db", "t");
            break;
        }
        case EventType::kTableMap:
            table = readLogTable(readTableName(event.body).description);
            break;
        default:
            if (isWrite(event.type) || isUpdate(event.type) || isDelete(event.type)) takeRows(event, table);
            break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kLengthAt = 9;
    std::string_view left(reinterpret_cast<const char*>(data), size);
    bool checksum = false;
    LogTable table;
    while (left.size() >= kLengthAt + 4) {
        std::size_t length = 0;
        for (std::size_t i = 4; i-- > 0;) length = length << 8U | static_cast<unsigned char>(left[kLengthAt + i]);
        if (length < kLengthAt + 4 || length > left.size()) length = left.size();
        try {
            takeEvent(left.substr(0, length), checksum, table);
        } catch (const yimen::sdk::Failure&) {
            // said, as it should be; the next event stands by itself
        }
        left.remove_prefix(length);
    }
    return 0;
}
