#include "sync/sources/http_pager.h"

#include <algorithm>
#include <charconv>

#include "core/ascii.h"
#include "sync/row_hash.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::Json;
using core::makeError;
using core::Result;
using How = HttpPaging::How;

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::int64_t numberIn(const Json& state, const char* key, std::int64_t fallback) {
    return state.is_object() && state.contains(key) && state[key].is_number_integer() ? state[key].get<std::int64_t>()
                                                                                      : fallback;
}

std::string textIn(const Json& state, const char* key) {
    return state.is_object() && state.contains(key) && state[key].is_string() ? state[key].get<std::string>() : "";
}

std::uint64_t contentHash(const Batch& rows) {
    std::uint64_t all = rows.rows();
    for (std::size_t row = 0; row < rows.rows(); ++row) all = all * 1099511628211U + rowHash(rows, row);
    return all;
}

std::size_t columnOf(const std::vector<std::string>& columns, const std::string& name) {
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
}

Result<std::optional<std::int64_t>> numberAt(const HttpAnswer& answer, const HttpValueAt& place) {
    YIMEN_TRY(const auto text, answer.at(place));
    if (!text) return std::optional<std::int64_t>();
    const auto value = number(*text);
    if (!value) return makeError(ErrorCode::kUpstream, "the total that the system gives is no number");
    return value;
}

bool saysYes(std::string_view text) {
    return text == "1" || core::equalIgnoreCase(text, "true") || core::equalIgnoreCase(text, "y") ||
           core::equalIgnoreCase(text, "yes");
}

/// One document. Feeds that keep only their newest records: whether some were missed.
class WholePager final : public HttpPager {
public:
    WholePager(const HttpPaging& paging, std::size_t column, const Json& memory)
        : paging_(paging), column_(column), last_(textIn(memory, "last")) {}

    void put(RequestValues&) const override {}
    Result<PageStep> took(const PageRows& page) override {
        PageStep step{SIZE_MAX, true, std::nullopt};
        if (column_ >= page.rows.columns() || page.rows.empty()) return step;
        bool known = last_.empty() || static_cast<std::int64_t>(page.records()) < paging_.cap;
        for (std::size_t row = 0; row < page.rows.rows() && !known; ++row)
            known = page.rows.text(row, column_) == last_;
        newest_ = page.rows.text(0, column_);
        if (!known) {
            step.alarm = makeError(ErrorCode::kConflict,
                                   "gap in the feed: it keeps " + std::to_string(paging_.cap) +
                                       " records and the last one read is no longer among them: records were missed, "
                                       "read more often and ask the supplier for what is missing",
                                   std::string(kGapDetail));
        }
        return step;
    }
    Json state() const override { return nullptr; }
    Json memory() const override {
        const std::string& last = newest_.empty() ? last_ : newest_;
        return last.empty() ? Json(nullptr) : Json{{"last", last}};
    }

private:
    const HttpPaging& paging_;
    std::size_t column_;
    std::string last_;
    std::string newest_;
};

/// By page number or offset. Trusts the sizes that come, not those that were asked for; knows a last page that repeats;
/// and reads the page before once more after each page, so that a record which moved forward meanwhile is not missed.
class PagePager final : public HttpPager {
public:
    PagePager(const HttpPaging& paging, const Json& state)
        : paging_(paging),
          next_(numberIn(state, "next", paging.first)),
          read_(numberIn(state, "read", 0)),
          calls_(numberIn(state, "calls", 0)) {}

    void put(RequestValues& values) const override {
        values[paging_.how == How::kPage ? "page" : "offset"] = std::to_string(again_ ? before_ : next_);
    }

    Result<PageStep> took(const PageRows& page) override {
        if (++calls_ > paging_.maxPages) return makeError(ErrorCode::kTooLarge, "more than max_pages pages");
        return again_ ? tookAgain(page) : tookNext(page);
    }

    Json state() const override {
        // Resumed one page back: whatever moved while nobody read is then seen.
        return {{"next", before_ >= 0 ? before_ : next_}, {"read", before_ >= 0 ? readBefore_ : 0}, {"calls", calls_}};
    }

private:
    Result<PageStep> tookNext(const PageRows& page) {
        const auto records = static_cast<std::int64_t>(page.records());
        YIMEN_TRY(const auto total, numberAt(page.answer, paging_.total));
        YIMEN_TRY(const auto more, page.answer.at(paging_.more));
        const std::uint64_t hash = contentHash(page.rows);
        const bool repeated = before_ >= 0 && records > 0 && hash == hash_;
        if (records == 0 || repeated) {
            const bool tooFew = total && read_ < *total;
            if (tooFew && !repeated) {
                return makeError(ErrorCode::kUpstream, "the system says it has " + std::to_string(*total) +
                                                           " records but gave " + std::to_string(read_) +
                                                           ": nothing is missing by intent, try again");
            }
            return PageStep{0, true, std::nullopt};
        }
        read_ += records;
        const bool end = more ? !saysYes(*more) : (total && read_ >= *total);
        const bool check = !paging_.stable && before_ >= 0;
        pendingHash_ = hash;
        pendingRecords_ = records;
        if (check) {
            again_ = true;
            endAfter_ = end;
            return PageStep{};
        }
        advance();
        return PageStep{SIZE_MAX, end, std::nullopt};
    }

    Result<PageStep> tookAgain(const PageRows& page) {
        again_ = false;
        const bool moved = contentHash(page.rows) != hash_;
        advance();
        return PageStep{moved ? SIZE_MAX : 0, endAfter_, std::nullopt};
    }

    void advance() {
        before_ = next_;
        next_ += paging_.how == How::kPage ? 1 : pendingRecords_;
        hash_ = pendingHash_;
        readBefore_ = read_ - pendingRecords_;
    }

    const HttpPaging& paging_;
    std::int64_t next_;
    std::int64_t before_ = -1;
    std::int64_t read_ = 0;
    std::int64_t readBefore_ = 0;  ///< records of the pages before `before_`
    std::int64_t calls_ = 0;
    std::uint64_t hash_ = 0;
    std::uint64_t pendingHash_ = 0;
    std::int64_t pendingRecords_ = 0;
    bool again_ = false;
    bool endAfter_ = false;
};

/// By an opaque cursor; one that has expired is answered by beginning again, which costs reading and nothing else.
class CursorPager final : public HttpPager {
public:
    CursorPager(const HttpPaging& paging, const Json& state) : paging_(paging), cursor_(textIn(state, "cursor")) {}

    void put(RequestValues& values) const override {
        if (!cursor_.empty()) values["cursor"] = cursor_;
    }
    Result<PageStep> took(const PageRows& page) override {
        if (++calls_ > paging_.maxPages) return makeError(ErrorCode::kTooLarge, "more than max_pages pages");
        YIMEN_TRY(const auto next, page.answer.at(paging_.next));
        if (!next || next->empty()) return PageStep{SIZE_MAX, true, std::nullopt};
        if (*next == cursor_) return makeError(ErrorCode::kUpstream, "the system gave the same cursor twice");
        cursor_ = *next;
        return PageStep{};
    }
    bool recover(const core::Error& error) override {
        if (error.detail != HttpExchange::kExpired || cursor_.empty() || ++restarts_ > kMaxRestarts) return false;
        cursor_.clear();
        return true;
    }
    Json state() const override { return {{"cursor", cursor_}}; }

private:
    static constexpr int kMaxRestarts = 3;
    const HttpPaging& paging_;
    std::string cursor_;
    std::int64_t calls_ = 0;
    int restarts_ = 0;
};

/// A feed of changes with numbers that have no gaps. A gap is asked for once more, then it is an error: data are lost.
class SequencePager final : public HttpPager {
public:
    SequencePager(const HttpPaging& paging, std::size_t column, const Json& state, const Json& memory)
        : column_(column),
          after_(numberIn(state, "after", numberIn(memory, "after", paging.first))),
          fresh_(!state.is_object() && !memory.is_object()) {}

    void put(RequestValues& values) const override { values["after"] = std::to_string(after_); }

    Result<PageStep> took(const PageRows& page) override {
        for (std::size_t row = 0; row < page.rows.rows(); ++row) {
            const auto here = number(page.rows.text(row, column_));
            if (!here) return makeError(ErrorCode::kUpstream, "a record of the feed has no sequence number");
            if (*here <= after_ && !fresh_) continue;  // given once more
            if (*here != after_ + 1 && !fresh_) return gap(row, *here);
            after_ = *here;
            asked_ = false;
            fresh_ = false;
        }
        if (page.rejected > 0) return makeError(ErrorCode::kUpstream, "a record of the feed cannot be read");
        return PageStep{SIZE_MAX, page.rows.empty(), std::nullopt};
    }
    Json state() const override { return {{"after", after_}}; }
    Json memory() const override { return state(); }

private:
    Result<PageStep> gap(std::size_t row, std::int64_t here) {
        if (!asked_) {
            asked_ = true;
            return PageStep{row, false, std::nullopt};
        }
        return makeError(
            ErrorCode::kConflict,
            "gap in the feed: " + std::to_string(after_) + " is followed by " + std::to_string(here) +
                ": ask the supplier to play it again, or read the item completely (yimen sync run ITEM --full)",
            std::string(kGapDetail));
    }

    std::size_t column_;
    std::int64_t after_;
    bool asked_ = false;
    bool fresh_;  ///< nothing was ever read: the feed begins where it begins
};

/// Windows of time, halved until each gives fewer records than the system's cap: what reaches it may be cut.
class WindowPager final : public HttpPager {
public:
    WindowPager(const HttpSpec& spec, const ReadWindow& window, const Json& state)
        : spec_(spec), end_(*window.to), stop_(end_) {
        const core::WallTime from = window.from.value_or(*spec.watermark->initial);
        start_ = core::fromUnixMicros(numberIn(state, "start", core::toUnixMicros(from)));
    }

    void put(RequestValues& values) const override {
        values["from"] = formatTime(start_, spec_.watermark->style);
        values["to"] = formatTime(stop_, spec_.watermark->style);
    }
    Result<PageStep> took(const PageRows& page) override {
        if (static_cast<std::int64_t>(page.records()) >= spec_.paging.cap) {
            const auto half = std::chrono::floor<std::chrono::seconds>((stop_ - start_) / 2);
            if (half < std::chrono::seconds(1)) {
                return makeError(ErrorCode::kUpstream,
                                 "one second holds as many records as the system gives at most: ask the supplier");
            }
            stop_ = start_ + half;
            return PageStep{0, false, std::nullopt};
        }
        if (stop_ >= end_) return PageStep{SIZE_MAX, true, std::nullopt};
        const auto width = stop_ - start_;
        start_ = stop_;
        stop_ = std::min(end_, start_ + width * 2);
        return PageStep{};
    }
    Json state() const override { return {{"start", core::toUnixMicros(start_)}}; }

private:
    const HttpSpec& spec_;
    core::WallTime end_;
    core::WallTime start_;
    core::WallTime stop_;
};

}  // namespace

std::unique_ptr<HttpPager> makeHttpPager(const HttpSpec& spec, const ReadWindow& window,
                                         const std::vector<std::string>& columns, const Json& state,
                                         const Json& memory) {
    const HttpPaging& paging = spec.paging;
    switch (paging.how) {
        case How::kWhole:
            return std::make_unique<WholePager>(paging, columnOf(columns, paging.field), memory);
        case How::kPage:
        case How::kOffset:
            return std::make_unique<PagePager>(paging, state);
        case How::kCursor:
            return std::make_unique<CursorPager>(paging, state);
        case How::kSequence:
            return std::make_unique<SequencePager>(paging, columnOf(columns, paging.field), state, memory);
        case How::kWindow:
            return std::make_unique<WindowPager>(spec, window, state);
    }
    return nullptr;
}

}  // namespace yimen::sync
