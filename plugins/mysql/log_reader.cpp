#include "log_reader.h"

#include <algorithm>
#include <utility>

namespace yimen::mysql {

namespace {

using std::chrono::milliseconds;

/// Changes wait this long for others to be written with them.
constexpr milliseconds kLinger{100};
/// Without changes the place in the log is kept this often.
constexpr milliseconds kIdle{1000};

std::chrono::steady_clock::time_point now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

LogReader::LogReader(const sdk::Host& host, std::unique_ptr<LogStream> stream, LogPlan plan, LogPosition at,
                     Until until)
    : host_(host),
      stream_(std::move(stream)),
      plan_(std::move(plan)),
      at_(std::move(at)),
      until_(std::move(until)),
      began_(now()) {
    at_.load.reset();
    at_.log = stream_->log();
}

bool LogReader::read(sdk::Batch& into, std::string& position) {
    if (into.columns() != plan_.columns.size()) {
        throw sdk::Failure(YIMEN_UPSTREAM, "读取期间表结构已变 / the columns changed while they were read: run again");
    }
    callBegan_ = now();
    bool ended = false;
    while (!into.full()) {
        host_.throwIfCancelled();
        if (rows_) {
            giveRows(into);
            continue;
        }
        ended = hasEnded();
        if (ended || isDue(into)) break;
        take(stream_->next());
    }
    position = at_.text();
    return ended;
}

bool LogReader::isDue(const sdk::Batch& into) const {
    if (into.rows() == 0) return now() - callBegan_ >= kIdle;
    return !transaction_ && now() - firstRow_ >= kLinger;
}

bool LogReader::hasEnded() const {
    if (transaction_) return false;
    return until_.follow.count() == 0 ? at_.place.isAtLeast(until_.place) : now() - began_ >= until_.follow;
}

void LogReader::take(const Event& event) {
    switch (event.type) {
        case EventType::kGtid:
            return takeGtid(event);
        case EventType::kQuery:
            return takeQuery(event);
        case EventType::kRotate:
            return takeRotate(event);
        case EventType::kTableMap:
            return takeTable(event);
        case EventType::kXid:
        case EventType::kXaPrepare:
            return end(event);
        case EventType::kFormat:
            at_.log = stream_->log();
            return advance(event);
        case EventType::kIncident:
            refuse("服务器的日志有缺口", "the server says that its log has a gap: read completely (--full)");
        default:
            break;
    }
    if (isWrite(event.type) || isUpdate(event.type) || isDelete(event.type)) return takeRows(event);
    const bool old = event.type >= EventType::kOldWrite && event.type <= EventType::kOldDelete;
    const bool packed = event.type >= EventType::kQueryCompressed && event.type <= EventType::kDeleteCompressedV2;
    if (old || packed || event.type == EventType::kPartialUpdate || event.type == EventType::kPayload) {
        refuse("日志中有压缩或不完整的事件", "an event of the log is compressed or partial (kind " +
                                                 std::to_string(static_cast<unsigned>(event.type)) +
                                                 "): set log_bin_compress, binlog_transaction_compression=OFF and "
                                                 "binlog_row_value_options='', then read completely (--full)");
    }
    advance(event);
}

void LogReader::takeGtid(const Event& event) {
    const Gtid gtid = readGtid(event);
    transaction_ = !gtid.standalone;
    prepared_ = gtid.preparedXa;
    touched_ = false;
}

void LogReader::takeQuery(const Event& event) {
    const Query query = readQuery(event);
    switch (effectOf(query.text, query.database, plan_.database, plan_.table)) {
        case Effect::kBegin:
            transaction_ = true;
            touched_ = false;
            return;
        case Effect::kXaBegin:
            transaction_ = true;
            prepared_ = true;
            return;
        case Effect::kCommit:
            return end(event);
        case Effect::kRollback:
            if (touched_) break;
            return end(event);
        case Effect::kPartRollback:
            if (touched_) break;
            return;
        case Effect::kEmptied:
            refuse("源表已被清空（TRUNCATE），请整读一次",
                   "the table was emptied by TRUNCATE: read it completely (--full)");
        case Effect::kGone:
            refuse("源表被删除、改名或重建，请整读一次",
                   "the table was dropped, renamed or made anew: read it completely (--full)");
        case Effect::kRewritten:
            refuse("源表结构已改，值可能随之而变，请整读一次",
                   "the table was altered in a way that may have changed its values: read it completely (--full)");
        case Effect::kAsStatement:
            refuse("变更按语句记入日志",
                   "a change of the table was logged as a statement: let nobody set binlog_format to "
                   "other than ROW, then read completely (--full)");
        case Effect::kNone:
            if (!transaction_) advance(event);
            return;
    }
    refuse("事务回滚了已记入日志的行",
           "a transaction with rows of the table was rolled back in the log: read completely (--full)");
}

void LogReader::takeRotate(const Event& event) {
    const Rotate rotate = readRotate(event);
    if (rotate.file == at_.place.file || transaction_) return;
    at_.place = {std::string(rotate.file), rotate.position};
    at_.log.clear();
}

void LogReader::takeTable(const Event& event) {
    const TableName name = readTableName(event.body);
    if (name.database != plan_.database || name.table != plan_.table) {
        if (layout_ && layout_->id == name.id) layout_.reset();
        return;
    }
    if (!layout_ || layout_->description != name.description) layOut(name);
    layout_->id = name.id;
}

void LogReader::layOut(const TableName& name) {
    Layout layout;
    layout.description = name.description;
    layout.table = readLogTable(name.description);
    const auto& columns = layout.table.columns;
    if (!layout.table.named) {
        refuse("日志中没有列名",
               "the log does not name the columns: set binlog_row_metadata=FULL, then read completely (--full)");
    }
    const auto numberOf = [&](const std::string& wanted) {
        const auto found =
            std::find_if(columns.begin(), columns.end(), [&](const LogColumn& c) { return c.name == wanted; });
        if (found == columns.end()) {
            refuse("日志此处的表没有列 '" + wanted + "'，请整读一次",
                   "the table has no column '" + wanted + "' here in the log: read it completely (--full)");
        }
        return static_cast<std::size_t>(found - columns.begin());
    };
    for (const LogPlan::Column& wanted : plan_.columns) {
        layout.columns.push_back(numberOf(wanted.name));
        const LogColumn& column = columns[layout.columns.back()];
        layout.displays.push_back(wanted.display);
        layout.displays.back().charset = charsetOf(column);
        const bool old = column.type == LogType::kOldTime || column.type == LogType::kOldDatetime ||
                         column.type == LogType::kOldTimestamp;
        if (old && wanted.display.decimals.value_or(0) > 0) {
            refuse("旧时间格式", "the column '" + column.name +
                                     "' has parts of a second in an old form: ALTER TABLE .. FORCE "
                                     "with mysql56_temporal_format=ON, then read completely (--full)");
        }
    }
    layout.key = layout.table.primaryKey;
    for (const std::string& name2 : plan_.key) layout.key.push_back(numberOf(name2));
    layout_ = std::move(layout);
}

const Charset* LogReader::charsetOf(const LogColumn& column) {
    constexpr std::uint64_t kBytes = 63;
    if (column.collation == kBytes) return nullptr;
    const auto name = plan_.charsets.find(column.collation);
    const std::string charset = name == plan_.charsets.end() ? std::to_string(column.collation) : name->second;
    auto& known = charsets_[charset];
    if (!known) known = Charset::make(charset);
    if (!known) {
        refuse("不认识的字符集", "the column '" + column.name + "' has the character set '" + charset +
                                     "', which cannot be read from the log: leave it out of read.columns");
    }
    return known.get();
}

void LogReader::takeRows(const Event& event) {
    RowsEvent rows(event);
    if (!layout_ || rows.table() != layout_->id) return;
    if (prepared_) {
        refuse("XA 事务不能由日志跟随",
               "the table is written by XA transactions, whose rows stand in the log before they hold: "
               "follow it by a watermark");
    }
    if (!rows.whole()) {
        refuse("日志中的行不完整",
               "a row in the log lacks columns: set binlog_row_image=FULL, then read completely (--full)");
    }
    touched_ = true;
    rows_ = std::move(rows);
}

void LogReader::giveRows(sdk::Batch& into) {
    while (!into.full()) {
        if (!removed_ && !rows_->next(layout_->table, before_, after_)) {
            rows_.reset();
            return;
        }
        if (into.rows() == 0) firstRow_ = now();
        if (isDelete(rows_->type())) {
            add(into, before_, YIMEN_ROW_DELETE);
        } else if (isUpdate(rows_->type()) && !removed_ && keyChanged()) {
            add(into, before_, YIMEN_ROW_DELETE);
            removed_ = true;
        } else {
            add(into, after_, YIMEN_ROW_UPSERT);
            removed_ = false;
        }
    }
}

bool LogReader::keyChanged() const {
    return std::any_of(layout_->key.begin(), layout_->key.end(),
                       [this](std::size_t column) { return before_[column] != after_[column]; });
}

void LogReader::add(sdk::Batch& into, const RowImage& row, unsigned op) {
    into.beginRow(++origin_, op);
    for (std::size_t i = 0; i < layout_->columns.size(); ++i) {
        const std::size_t column = layout_->columns[i];
        if (!row[column]) {
            into.addNull();
            continue;
        }
        text_.clear();
        appendCell(layout_->table.columns[column], layout_->displays[i], *row[column], text_);
        into.add(text_);
    }
}

/// The transaction is over; behind it is a place to go on from.
void LogReader::end(const Event& event) {
    transaction_ = false;
    prepared_ = false;
    touched_ = false;
    advance(event);
}

void LogReader::advance(const Event& event) {
    if (transaction_ || event.artificial || event.type == EventType::kHeartbeat) return;
    // Behind 4 GiB the number begins anew: then only the next file is a place again.
    at_.place.at = std::max<std::uint64_t>(at_.place.at, event.next);
}

void LogReader::refuse(const std::string& chinese, const std::string& english) const {
    throw sdk::Failure(YIMEN_INVALID, chinese + " / " + english + " (" + plan_.database + "." + plan_.table +
                                          ", behind " + at_.place.file + ":" + std::to_string(at_.place.at) + ")");
}

}  // namespace yimen::mysql
