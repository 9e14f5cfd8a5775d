#include "log_source.h"

#include <utility>

#include "log_reader.h"
#include "log_stream.h"
#include "table_reader.h"

namespace yimen::mysql {

namespace {

using sdk::Failure;

constexpr std::string_view kFollow = "follow";

/// Passes a complete read on and keeps the place in the log beside its position.
class LoadReader final : public sdk::Reader {
public:
    LoadReader(std::unique_ptr<sdk::Reader> rows, LogPosition at) : rows_(std::move(rows)), at_(std::move(at)) {}

    bool read(sdk::Batch& into, std::string& position) override {
        if (!rows_) throw Failure(YIMEN_INTERNAL, "a read behind the end");
        std::string inner;
        const bool ended = rows_->read(into, inner);
        if (!inner.empty()) at_.load = inner;
        if (ended) {
            at_.load.reset();
            rows_.reset();  // with it the transaction, which holds up everybody who would alter the table
        }
        position = at_.text();
        return ended;
    }

private:
    std::unique_ptr<sdk::Reader> rows_;
    LogPosition at_;
};

void checkSame(const LogPosition& at, const std::string& log) {
    if (at.log.empty() || at.log == log) return;
    throw Failure(
        YIMEN_INVALID,
        "这已不是同一份日志（换了服务器或执行过 RESET MASTER），请整读一次 / this is another log than the one "
        "that was followed (another server, or RESET MASTER), changes in between are lost: read the item "
        "completely (--full)");
}

}  // namespace

LogSource::LogSource(const sdk::Host& host, const sdk::Config& config, const sdk::TableRead& read, sdk::SqlWords words)
    : host_(host), config_(config), read_(read), words_(std::move(words)) {
    if (read_.table.empty() || !read_.where.empty() || !read_.watermark.empty()) {
        throw Failure(YIMEN_INVALID,
                      "read.log 只用于整张表，不与 query、where、watermark 并用 / read.log is for a whole table: no "
                      "query, where or watermark beside it");
    }
}

std::uint32_t LogSource::serverId(std::string_view use) const {
    if (use == kFollow && config_.has("read.log.server_id"))
        return static_cast<std::uint32_t>(config_.number("read.log.server_id"));
    std::uint32_t hash = 2166136261U;  // FNV-1a
    for (const char c : config_.text("source.database") + "." + read_.table + "." + config_.text("source.user") + "." +
                            std::string(use)) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return (hash & 0x3fffffffU) | 0x40000000U;
}

std::unique_ptr<sdk::Reader> LogSource::open(sdk::Mode mode, std::string_view position) const {
    const bool begins = position.empty();
    LogPosition at = begins ? LogPosition() : LogPosition::parse(position);
    auto connection = std::make_unique<Connection>(host_, config_);
    LogPlan plan = LogPlan::ask(*connection, config_, read_, words_);
    const LogServer server = LogServer::ask(*connection, plan.database);
    if (begins || mode == sdk::Mode::kFull || at.load) {
        return load(std::move(connection), server, std::move(at), begins);
    }
    connection.reset();
    auto stream = std::make_unique<LogStream>(host_, config_, server, serverId(kFollow), at.place);
    checkSame(at, stream->log());
    LogReader::Until until{server.end, std::chrono::milliseconds(config_.number("read.log.follow"))};
    return std::make_unique<LogReader>(host_, std::move(stream), std::move(plan), std::move(at), std::move(until));
}

std::unique_ptr<sdk::Reader> LogSource::load(std::unique_ptr<Connection> connection, const LogServer& server,
                                             LogPosition at, bool begins) const {
    const LogPlace snapshot = beginSnapshot(*connection, server);
    if (begins) at.place = snapshot;
    // The log must be there from this place on, now, and with it the right to read it.
    const std::string log = LogStream(host_, config_, server, serverId("load"), at.place).log();
    if (begins) at.log = log;
    checkSame(at, log);
    const sdk::Statement statement = sdk::readStatement(read_, sdk::Mode::kFull, words_, sdk::Config("{}"),
                                                        sdk::Config(at.load && !at.load->empty() ? *at.load : "{}"));
    return std::make_unique<LoadReader>(
        std::make_unique<TableReader>(host_, std::move(connection), read_.key, statement), std::move(at));
}

}  // namespace yimen::mysql
