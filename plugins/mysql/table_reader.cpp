#include "table_reader.h"

#include <utility>

namespace yimen::mysql {

TableReader::TableReader(const sdk::Host& host, std::unique_ptr<Connection> connection,
                         const std::vector<std::string>& cursor, const sdk::Statement& statement)
    : host_(host), connection_(std::move(connection)) {
    rows_ =
        statement.parameters.empty() ? textRows(*connection_, statement.text) : preparedRows(*connection_, statement);
    std::vector<std::string> names;
    for (const Column& column : rows_->columns()) names.push_back(column.name);
    cursor_ = sdk::cursorColumns(cursor, names);
}

bool TableReader::read(sdk::Batch& into, std::string& position) {
    host_.throwIfCancelled();
    if (into.columns() != rows_->columns().size()) {
        throw sdk::Failure(YIMEN_UPSTREAM, "读取期间表结构已变 / the columns changed while they were read: run again");
    }
    bool more = true;
    while (!into.full() && (more = rows_->next(into, count_ + 1))) ++count_;
    if (into.rows() > 0) position = sdk::positionAfter(into, cursor_, count_);
    return !more;
}

}  // namespace yimen::mysql
