#include "binlog_rows.h"

#include "binlog_bytes.h"
#include "binlog_values.h"

namespace yimen::mysql {

namespace {

bool isSecond(EventType type) {
    return type == EventType::kWriteV2 || type == EventType::kUpdateV2 || type == EventType::kDeleteV2;
}

bool allSet(std::string_view bitmap, std::size_t bits) {
    for (std::size_t i = 0; i < bits; ++i) {
        if (!bitAt(bitmap, i)) return false;
    }
    return true;
}

std::string_view takeCell(const LogColumn& column, Bytes& in) {
    switch (column.type) {
        case LogType::kString:
        case LogType::kVarchar:
        case LogType::kVarString:
        case LogType::kVarcharCompressed:
            return in.take(in.little(column.size < 256 ? 1 : 2));
        case LogType::kBlob:
        case LogType::kBlobCompressed:
        case LogType::kGeometry:
        case LogType::kJson:
            return in.take(in.little(column.size));
        default:
            return in.take(cellSize(column));
    }
}

}  // namespace

RowsEvent::RowsEvent(const Event& event) : type_(event.type) {
    Bytes in(event.body);
    table_ = in.little(6);
    in.take(2);
    if (isSecond(type_)) {
        const std::uint64_t extra = in.little(2);
        if (extra < 2) failCorrupt("rows with extra data of a size that is none");
        in.take(extra - 2);
    }
    columns_ = in.packed();
    if (columns_ / 8 > in.left()) failCorrupt("it ends too early");
    const std::size_t bitmap = (columns_ + 7) / 8;
    whole_ = allSet(in.take(bitmap), columns_);
    if (isUpdate(type_)) whole_ = allSet(in.take(bitmap), columns_) && whole_;
    left_ = in.rest();
}

bool RowsEvent::next(const LogTable& table, RowImage& before, RowImage& after) {
    if (left_.empty()) return false;
    if (columns_ != table.columns.size() || !whole_) failCorrupt("rows of other columns than their table's");
    if (!isWrite(type_)) readImage(table, before);
    if (!isDelete(type_)) readImage(table, after);
    return true;
}

void RowsEvent::readImage(const LogTable& table, RowImage& into) {
    Bytes in(left_);
    const std::string_view nulls = in.take((columns_ + 7) / 8);
    if (nulls.empty()) failCorrupt("a row without columns");
    into.assign(columns_, std::nullopt);
    for (std::size_t i = 0; i < columns_; ++i) {
        if (!bitAt(nulls, i)) into[i] = takeCell(table.columns[i], in);
    }
    left_ = in.rest();
}

}  // namespace yimen::mysql
