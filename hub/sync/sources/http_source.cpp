#include "sync/sources/http_source.h"

#include <mutex>
#include <utility>

#include "http/challenge_client.h"
#include "sync/sources/http_pager.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Json;
using core::makeError;
using core::Result;

/// Rows that make a batch worth a commit although it is not full.
constexpr std::size_t kEnoughRows = 2000;

/// Where a read stands. In JSON: "mark" (us since 1970, upper bound of the last read that ended) and "memory" of the
/// pager; on the way also "to" and "at".
struct HttpPosition {  // NOLINT(bugprone-exception-escape): Json declares its move noexcept
    std::optional<std::int64_t> mark;
    std::optional<std::int64_t> to;
    Json at = nullptr;
    Json memory = nullptr;

    static Result<HttpPosition> parse(const Position& text) {
        HttpPosition out;
        if (text.empty()) return out;
        YIMEN_TRY(const Json json, core::parseJson(text));
        if (!json.is_object()) return makeError(ErrorCode::kCorrupt, "检查点无效 / not a position of an HTTP source");
        const auto time = [&](const char* key) {
            const bool there = json.contains(key) && json[key].is_number_integer();
            return there ? std::optional<std::int64_t>(json[key].get<std::int64_t>()) : std::nullopt;
        };
        out.mark = time("mark");
        out.to = time("to");
        if (json.contains("at")) out.at = json["at"];
        if (json.contains("memory")) out.memory = json["memory"];
        return out;
    }
    Position text() const {
        Json json = Json::object();
        if (mark) json["mark"] = *mark;
        if (to) json["to"] = *to;
        if (!at.is_null()) json["at"] = at;
        if (!memory.is_null()) json["memory"] = memory;
        return core::writeJson(json);
    }
};

/// Who asks the system, and what ends it.
void endWaiting(const HttpParts& parts) noexcept {
    if (parts.stop) *parts.stop = true;
}

class HttpReader final : public Reader {
public:
    HttpReader(std::shared_ptr<const HttpSpec> spec, const HttpParts& parts, std::vector<std::string> columns,
               ReadMode mode, HttpPosition position)
        : spec_(std::move(spec)),
          parts_(parts),
          exchange_(spec_, parts_),
          columns_(std::move(columns)),
          position_(std::move(position)) {
        if (!position_.to) position_.to = core::toUnixMicros(parts.clock->wall() - lag());
        window_.to = core::fromUnixMicros(*position_.to);
        if (mode == ReadMode::kIncremental && position_.mark) {
            window_.from = core::fromUnixMicros(*position_.mark) - spec_->watermark.value_or(HttpWatermark{}).overlap;
        } else if (spec_->watermark) {
            window_.from = spec_->watermark->initial;
        }
        pager_ = makeHttpPager(*spec_, window_, columns_, position_.at, position_.memory);
        streams_ = spec_->paging.how == HttpPaging::How::kWhole && spec_->paging.field.empty();
    }

    Result<ReadState> read(Batch& into) override {
        ReadState state;
        if (failure_) return *failure_;
        const core::Status filled = streams_ ? stream(into, state) : pages(into, state);
        if (!filled.ok()) {
            // What was read before it is good, and is kept.
            if (into.empty() && state.rejected.empty()) return filled.error();
            failure_ = filled.error();
        }
        state.position = position_.text();
        state.end = ended_ && !failure_;
        return state;
    }

    void interrupt() noexcept override { endWaiting(parts_); }

private:
    std::chrono::milliseconds lag() const {
        return spec_->watermark ? spec_->watermark->lag : std::chrono::milliseconds(0);
    }

    Result<HttpAnswer> fetch() {
        while (true) {
            RequestValues values;
            if (spec_->watermark) {
                if (window_.from) values["from"] = formatTime(*window_.from, spec_->watermark->style);
                values["to"] = formatTime(*window_.to, spec_->watermark->style);
            }
            pager_->put(values);
            const std::string name =
                spec_->request.method + " " + spec_->request.path + ", answer " + std::to_string(++calls_);
            auto answer = exchange_.call(values, name);
            if (!answer.ok() && pager_->recover(answer.error())) continue;
            if (!answer.ok()) return answer.error();
            YIMEN_TRY_STATUS(answer->document.records->bind(columns_, spec_->format.extra));
            return answer;
        }
    }

    /// One document that may be larger than a batch.
    core::Status stream(Batch& into, ReadState& state) {
        if (!open_) {
            YIMEN_TRY(open_, fetch());
        }
        Rows rows{into, state.rejected};
        YIMEN_TRY(const bool more, open_->document.records->read(rows));
        if (!more) finish();
        return {};
    }

    core::Status pages(Batch& into, ReadState& state) {
        while (true) {
            give(into, state);
            if (given_ < keep_ || ended_) return {};
            if (alarm_) return *alarm_;
            if (into.rows() >= kEnoughRows) return {};
            YIMEN_TRY_STATUS(load());
        }
    }

    /// Reads the next page and hears what to do with it.
    core::Status load() {
        YIMEN_TRY(const HttpAnswer answer, fetch());
        page_.reset(columns_.size());
        pageRejected_.clear();
        Rows rows{page_, pageRejected_};
        YIMEN_TRY(const bool more, answer.document.records->read(rows));
        if (more)
            return makeError(ErrorCode::kTooLarge,
                             "a page holds more than a batch (10000 records, 8 MiB): lower paging.size");
        YIMEN_TRY(const PageStep step, pager_->took({page_, pageRejected_.size(), answer}));
        keep_ = std::min(step.keep, page_.rows());
        if (step.keep == 0) pageRejected_.clear();
        given_ = 0;
        last_ = step.end;
        alarm_ = step.alarm;
        return {};
    }

    /// Moves rows of the page over; at its end the position goes on.
    void give(Batch& into, ReadState& state) {
        if (!page_.columns()) return;
        for (; given_ < keep_ && !into.full(); ++given_) {
            const std::size_t row = into.addRow(Op::kUpsert, records_ + page_.origin(given_));
            for (std::size_t i = 0; i < columns_.size(); ++i) {
                // A cell that one batch held, another holds too: the batch is not full.
                if (!page_.isNull(given_, i)) static_cast<void>(into.set(row, i, page_.text(given_, i)));
            }
        }
        if (given_ < keep_) return;
        for (Reject& reject : pageRejected_) {
            reject.origin += records_;
            state.rejected.push_back(std::move(reject));
        }
        pageRejected_.clear();
        records_ += page_.rows();
        page_.reset(0);
        if (last_) {
            finish();
        } else {
            position_.at = pager_->state();
        }
    }

    void finish() {
        if (spec_->watermark) position_.mark = position_.to;
        position_.to.reset();
        position_.at = nullptr;
        position_.memory = pager_->memory();
        ended_ = !alarm_;
        failure_ = alarm_;
    }

    std::shared_ptr<const HttpSpec> spec_;
    const HttpParts parts_;
    HttpExchange exchange_;
    std::vector<std::string> columns_;
    HttpPosition position_;
    ReadWindow window_;
    std::unique_ptr<HttpPager> pager_;
    bool streams_ = false;
    std::optional<HttpAnswer> open_;
    Batch page_;
    std::vector<Reject> pageRejected_;
    std::size_t keep_ = 0;
    std::size_t given_ = 0;
    bool last_ = false;
    bool ended_ = false;
    std::optional<core::Error> alarm_;
    std::optional<core::Error> failure_;
    std::uint64_t records_ = 0;  ///< of the pages before
    std::uint64_t calls_ = 0;
};

class HttpSource final : public Source {
public:
    HttpSource(HttpSpec spec, HttpParts parts)
        : spec_(std::make_shared<const HttpSpec>(std::move(spec))), parts_(std::move(parts)) {}

    bool canRead(ReadMode mode) const noexcept override {
        const bool feed = spec_->paging.how == HttpPaging::How::kSequence || !spec_->paging.field.empty();
        return mode == ReadMode::kFull || spec_->watermark.has_value() || feed;
    }

    Result<std::vector<SourceField>> describe() override {
        const std::lock_guard lock(mutex_);
        if (!fields_.empty()) return fields_;
        std::vector<SourceField> fields;
        for (const auto& column : spec_->format.columns) {
            if (column.name != "-") fields.push_back({column.name, ""});
        }
        if (fields.empty()) {
            YIMEN_TRY(fields, firstPage());
        }
        if (fields.empty()) {
            return makeError(ErrorCode::kUpstream,
                             "the first answer has no records, so its columns are not known: list them in `columns`");
        }
        fields_ = fields;
        return fields;
    }

    Result<std::vector<Partition>> partitions(ReadMode mode) override {
        if (!canRead(mode))
            return makeError(ErrorCode::kInvalidInput,
                             "没有水位，只能整读 / no watermark is declared: read it completely");
        return std::vector<Partition>{{"", ""}};
    }

    Result<std::unique_ptr<Reader>> open(const Partition&, ReadMode mode, Position from) override {
        YIMEN_TRY(const auto fields, describe());
        YIMEN_TRY(HttpPosition position, HttpPosition::parse(from));
        return std::unique_ptr<Reader>(
            std::make_unique<HttpReader>(spec_, parts_, columnNames(fields), mode, std::move(position)));
    }

    void interrupt() noexcept override { endWaiting(parts_); }

private:
    Result<std::vector<SourceField>> firstPage() const {
        ReadWindow window{std::nullopt, parts_.clock->wall()};
        RequestValues values;
        if (spec_->watermark) {
            values["to"] = formatTime(*window.to, spec_->watermark->style);
            if (spec_->watermark->initial)
                values["from"] = formatTime(*spec_->watermark->initial, spec_->watermark->style);
        }
        makeHttpPager(*spec_, window, {}, nullptr, nullptr)->put(values);
        YIMEN_TRY(const auto answer,
                  HttpExchange(spec_, parts_).call(values, spec_->request.method + " " + spec_->request.path));
        return answer.document.records->columns();
    }

    std::shared_ptr<const HttpSpec> spec_;
    HttpParts parts_;
    std::mutex mutex_;  ///< held while the first page is fetched: everybody needs its answer
    std::vector<SourceField> fields_;
};

}  // namespace

std::unique_ptr<Source> makeHttpSource(HttpSpec spec, HttpParts parts) {
    return std::make_unique<HttpSource>(std::move(spec), std::move(parts));
}

core::Result<std::unique_ptr<Source>> readHttpSource(const config::YamlNode& source, const config::YamlNode& read,
                                                     const SecretLookup& secrets, HttpParts parts) {
    YIMEN_TRY(HttpSpec spec, readHttpSpec(source, read, secrets));
    if (!parts.client) {
        http::ClientConfig config;
        config.origins = {spec.base};
        config.caFile = spec.caFile;
        parts.stop = std::make_shared<std::atomic<bool>>(false);
        config.stop = parts.stop;
        const bool ntlm = spec.auth.kind == HttpAuth::Kind::kNtlm;
        if (ntlm || spec.auth.kind == HttpAuth::Kind::kDigest) {
            using Scheme = http::ChallengeAccount::Scheme;
            parts.client = std::make_shared<http::ChallengeClient>(
                std::move(config), *parts.clock,
                http::ChallengeAccount{ntlm ? Scheme::kNtlm : Scheme::kDigest, spec.auth.user, spec.auth.secret});
        } else {
            parts.client = std::make_shared<http::CurlClient>(std::move(config), *parts.clock);
        }
    }
    return makeHttpSource(std::move(spec), std::move(parts));
}

}  // namespace yimen::sync
