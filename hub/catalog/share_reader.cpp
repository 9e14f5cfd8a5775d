#include "catalog/share_reader.h"

#include <algorithm>
#include <set>

#include "catalog/share_service.h"
#include "crypto/digest.h"
#include "identity/directory.h"

namespace yimen::catalog {

using core::ErrorCode;
using core::Json;
using core::makeError;
using core::Result;

/// A column as this audience sees it.
struct ShareReader::Shown {
    std::size_t field = 0;
    const SharedColumn* column = nullptr;
    Mask mask = Mask::kHash;
};

namespace {

constexpr std::chrono::hours kCursorLifetime{24};
constexpr std::chrono::hours kSinceLifetime{24 * 400};
constexpr int kTakes = 5;

core::Error refused(const std::string& zh, const std::string& en) {
    return makeError(ErrorCode::kInvalidInput, zh + " / " + en);
}

core::Error notFor(const std::string& zh, const std::string& en) {
    return makeError(ErrorCode::kDenied, zh + " / " + en);
}

core::Error usedUp() {
    return makeError(ErrorCode::kThrottled, "今日额度已用完 / today's quota of this contract is used up");
}

Mask maskFor(const SharedColumn& column, const ShareAudience& who) {
    for (const std::string& role : column.plainFor) {
        if (std::find(who.roles.begin(), who.roles.end(), role) != who.roles.end()) return Mask::kPlain;
    }
    return column.mask;
}

/// What a cursor is good for: any other question, contract or version has another text.
std::string cursorPurpose(const Contract& contract, const ShareAudience& who, const RowsRequest& request) {
    Json all = {{"share", contract.record.id},
                {"version", contract.record.version},
                {"within", who.within ? Json(*who.within) : Json(nullptr)},
                {"fields", request.fields},
                {"filters", request.filters},
                {"as_of", request.asOf ? Json(*request.asOf) : Json(nullptr)}};
    return "share.rows:" +
           core::toHex(crypto::digest(crypto::DigestAlgorithm::kSm3, core::asBytes(core::writeJson(all))));
}

std::string sincePurpose(const Contract& contract) {
    return "share.changes:" + std::to_string(contract.record.id);
}

std::string unitScope(const Contract& contract) {
    return "unit " + contract.record.unit;
}

Result<std::vector<std::string>> texts(const Json& json) {
    std::vector<std::string> out;
    if (!json.is_array()) return makeError(ErrorCode::kCorrupt, "a position is damaged");
    for (const Json& one : json) {
        if (!one.is_string()) return makeError(ErrorCode::kCorrupt, "a position is damaged");
        out.push_back(one.get<std::string>());
    }
    return out;
}

}  // namespace

bool isDivisionCode(std::string_view code) noexcept {
    if (code.size() != 6 && code.size() != 9 && code.size() != 12) return false;
    return std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string ChangePosition::text() const {
    return core::writeJson(Json{{"from", from}, {"to", to}, {"after", after}});
}

Result<ChangePosition> ChangePosition::read(const std::string& text) {
    YIMEN_TRY(const Json json, core::parseJson(text));
    const core::JsonReader reader(json);
    ChangePosition out;
    YIMEN_TRY(out.from, reader.integer("from"));
    YIMEN_TRY(out.to, reader.integer("to"));
    YIMEN_TRY(out.after, texts(json.value("after", Json())));
    return out;
}

Result<Contract> ShareReader::open(store::ShareId id) const {
    YIMEN_TRY(auto record, parts_.shares.get(id));
    if (!record) return makeError(ErrorCode::kNotFound, "没有此共享 / there is no such share");
    if (record->state != share_state::kActive) {
        return notFor("共享未生效", "this share is not in force: it is " + record->state);
    }
    const core::WallTime now = parts_.clock.wall();
    if (now < record->from || now >= record->to) {
        return notFor("不在共享期限内", "the term of this share has not begun or is over");
    }
    const sync::ItemSpecPtr spec = parts_.spec(record->item);
    if (spec == nullptr) return makeError(ErrorCode::kUnavailable, "数据项未接入 / the item is not supplied now");
    YIMEN_TRY(const Json json, core::parseJson(record->terms));
    YIMEN_TRY(ShareTerms terms, readTerms(json, spec->table));
    return Contract{std::move(*record), std::move(terms), spec->table};
}

Result<std::vector<ShareReader::Shown>> ShareReader::shown(const Contract& contract, const ShareAudience& who,
                                                           const std::vector<std::string>& fields) const {
    std::vector<Shown> out;
    const auto add = [&](const SharedColumn& column) {
        out.push_back({contract.table.schema.find(column.field).value_or(0), &column, maskFor(column, who)});
    };
    if (fields.empty()) {
        for (const SharedColumn& column : contract.terms.columns) add(column);
        return out;
    }
    std::set<std::string> seen;
    for (const std::string& field : fields) {
        const SharedColumn* column = contract.terms.find(field);
        if (column == nullptr)
            return notFor("合同不含字段 " + field, "the contract does not give field '" + field + "'");
        if (seen.insert(field).second) add(*column);
    }
    return out;
}

Json ShareReader::rowOf(const Contract& contract, const std::vector<Shown>& columns, const sync::Batch& rows,
                        std::size_t row) const {
    std::vector<std::string> keys;
    for (const std::size_t key : contract.table.schema.keys()) keys.emplace_back(rows.text(row, key));
    Json out = {{"_id", parts_.masks.rowName(keys, "share " + std::to_string(contract.record.id))}};
    const std::string scope = unitScope(contract);
    for (const Shown& column : columns) {
        out[column.column->field] = rows.isNull(row, column.field)
                                        ? Json(nullptr)
                                        : Json(parts_.masks.masked(column.mask, rows.text(row, column.field), scope));
    }
    return out;
}

Result<std::vector<sync::Within>> ShareReader::limits(const Contract& contract, const ShareAudience& who) const {
    std::vector<sync::Within> out;
    if (!contract.terms.rows) {
        if (!who.within) return out;
        // A person of a part of the district sees that part, or nothing when rows do not say where they belong.
        return notFor("合同未按单位划分数据", "this contract has no field that says which unit a row belongs to");
    }
    const auto field = contract.table.schema.find(contract.terms.rows->field);
    if (!field) return makeError(ErrorCode::kConflict, "合同的行字段已不存在 / the contract's row field is gone");
    std::vector<std::string> units{contract.terms.rows->unit};
    if (who.within) units.push_back(*who.within);
    for (const std::string& unit : units) {
        sync::Within within{*field, parts_.units.codesUnder(unit), {}};
        if (!within.values.empty() && isDivisionCode(unit)) within.prefixes.push_back(unit);
        out.push_back(std::move(within));
    }
    return out;
}

Result<std::vector<sync::Compare>> ShareReader::compares(const Contract& contract, const ShareAudience& who,
                                                         const std::vector<ShareFilter>& filters) const {
    std::vector<sync::Compare> out;
    for (const auto& [name, value] : filters) {
        sync::Compare compare;
        std::string field = name;
        for (const auto& [ending, how] : {std::pair{std::string_view(".from"), sync::Compare::How::kAtLeast},
                                          std::pair{std::string_view(".to"), sync::Compare::How::kAtMost}}) {
            if (!name.ends_with(ending)) continue;
            field = name.substr(0, name.size() - ending.size());
            compare.how = how;
        }
        const SharedColumn* column = contract.terms.find(field);
        // A filter on what is masked would tell what the mask hides.
        if (column == nullptr || !column->filter || maskFor(*column, who) != Mask::kPlain) {
            return notFor("不能按字段 " + field + " 筛选",
                          "the contract does not let you choose rows by '" + field + "'");
        }
        compare.field = contract.table.schema.find(field).value_or(0);
        compare.value = value;
        out.push_back(std::move(compare));
    }
    return out;
}

store::Day ShareReader::today() const {
    return identity::dayAt(parts_.clock.wall(), parts_.utcOffset);
}

std::chrono::seconds ShareReader::untilTomorrow() const {
    const auto local = parts_.clock.wall() + parts_.utcOffset;
    const auto tomorrow = std::chrono::floor<std::chrono::days>(local) + std::chrono::days(1);
    return std::chrono::ceil<std::chrono::seconds>(tomorrow - local);
}

Result<std::size_t> ShareReader::take(const Contract& contract, std::size_t wanted) {
    const store::ShareQuota& quota = contract.terms.quota;
    // Others take at the same time: look how much is left, try to have it, look again.
    for (int turn = 0; turn < kTakes; ++turn) {
        YIMEN_TRY(const auto used, parts_.access.uses(contract.record.id, today()));
        const store::ShareUse now = used.empty() ? store::ShareUse{} : used.front();
        const std::int64_t left = std::max<std::int64_t>(quota.rows - now.rows, 0);
        if (now.calls >= quota.calls || (left == 0 && wanted > 0)) break;
        const std::int64_t rows = std::min<std::int64_t>(left, static_cast<std::int64_t>(wanted));
        YIMEN_TRY(const bool taken, parts_.access.take(contract.record.id, today(), rows, quota));
        if (taken) return static_cast<std::size_t>(rows);
    }
    return usedUp();
}

Result<RowsAnswer> ShareReader::rows(const Contract& contract, const ShareAudience& who, const RowsRequest& request) {
    const std::string purpose = cursorPurpose(contract, who, request);
    sync::RowQuery query;
    YIMEN_TRY(const auto columns, shown(contract, who, request.fields));
    YIMEN_TRY(query.within, limits(contract, who));
    YIMEN_TRY(query.compare, compares(contract, who, request.filters));
    query.limit = std::clamp<std::size_t>(request.limit, 1, kMaxLimit);
    query.asOf = request.asOf;
    if (request.asOf && *request.asOf > core::toUnixMicros(parts_.clock.wall()) / 1000) {
        return refused("as_of 不能晚于现在", "as_of is a moment that has passed");
    }
    if (!request.cursor.empty()) {
        const auto opened = parts_.tickets.open(purpose, request.cursor, parts_.clock.wall());
        if (!opened.ok()) return refused("游标无效", "the cursor is not of this question, or too old: begin again");
        YIMEN_TRY(const Json after, core::parseJson(core::asText(*opened)));
        YIMEN_TRY(query.after, texts(after));
    }
    YIMEN_TRY(const auto page, parts_.view.page(contract.table, query));
    YIMEN_TRY(const std::size_t granted, take(contract, page.rows.rows()));
    RowsAnswer out;
    out.count = granted;
    for (std::size_t row = 0; row < granted; ++row) out.rows.push_back(rowOf(contract, columns, page.rows, row));
    if (granted == 0 || (page.end && granted == page.rows.rows())) return out;
    std::vector<std::string> last;
    for (const std::size_t key : contract.table.schema.keys()) last.emplace_back(page.rows.text(granted - 1, key));
    const std::string position = core::writeJson(Json(last));
    YIMEN_TRY(out.next, parts_.tickets.seal(purpose, core::asBytes(position), parts_.clock.wall() + kCursorLifetime,
                                            parts_.random));
    return out;
}

std::optional<Json> ShareReader::changeOf(const Contract& contract, const std::vector<Shown>& columns,
                                          const sync::ChangePage& page, std::size_t row) const {
    const bool was = page.before.op(row) == sync::Op::kUpsert;
    const bool is = page.after.op(row) == sync::Op::kUpsert;
    if (!was && !is) return std::nullopt;
    Json change = rowOf(contract, columns, page.after, row);
    if (was && is && change == rowOf(contract, columns, page.before, row)) return std::nullopt;
    if (!is) change = {{"_id", change["_id"]}};
    change["_op"] = !was ? "inserted" : is ? "updated" : "deleted";
    return change;
}

Result<ChangesAnswer> ShareReader::changes(const Contract& contract, const ShareAudience& who,
                                           const std::vector<std::string>& fields, ChangePosition position,
                                           std::size_t limit) {
    YIMEN_TRY(const auto columns, shown(contract, who, fields));
    sync::ChangeQuery query;
    YIMEN_TRY(query.within, limits(contract, who));
    if (position.to == 0) {
        YIMEN_TRY(const std::int64_t settled, parts_.view.settled());
        position.to = std::max(position.from, settled);
        position.after.clear();
    }
    query.from = position.from;
    query.to = position.to;
    query.after = position.after;
    query.limit = std::clamp<std::size_t>(limit, 1, kMaxLimit);
    YIMEN_TRY(const auto page, parts_.view.changes(contract.table, query));
    std::size_t granted = 0;
    if (!who.push || !page.after.empty()) {
        YIMEN_TRY(granted, take(contract, page.after.rows()));
    }
    // A batch that is sent again must be the same: a quota never cuts one.
    if (who.push && granted < page.after.rows()) return usedUp();
    ChangesAnswer out;
    out.window = position;
    for (std::size_t row = 0; row < granted; ++row) {
        auto change = changeOf(contract, columns, page, row);
        if (change) out.changes.push_back(std::move(*change));
    }
    out.count = out.changes.size();
    out.more = !page.end || granted < page.after.rows();
    out.next = out.more ? position : ChangePosition{position.to, 0, {}};
    if (!out.more || granted == 0) return out;
    out.next.after.clear();
    for (const std::size_t key : contract.table.schema.keys()) {
        out.next.after.emplace_back(page.after.text(granted - 1, key));
    }
    return out;
}

Result<std::string> ShareReader::seal(const Contract& contract, const ChangePosition& position) const {
    const std::string text = position.text();
    return parts_.tickets.seal(sincePurpose(contract), core::asBytes(text), parts_.clock.wall() + kSinceLifetime,
                               parts_.random);
}

Result<ChangePosition> ShareReader::unseal(const Contract& contract, const std::string& since) const {
    if (since.empty()) return ChangePosition{};
    const auto opened = parts_.tickets.open(sincePurpose(contract), since, parts_.clock.wall());
    if (!opened.ok()) return refused("since 无效", "this 'since' is not of this contract, or too old: begin again");
    return ChangePosition::read(std::string(core::asText(*opened)));
}

}  // namespace yimen::catalog
