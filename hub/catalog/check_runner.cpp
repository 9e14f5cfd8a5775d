#include "catalog/check_runner.h"

#include <algorithm>
#include <set>

#include "lua/state.h"
#include "sync/targets/cells.h"
#include "sync/targets/names.h"

namespace yimen::catalog {

using core::ErrorCode;
using core::Json;
using core::makeError;
using core::Result;
using sync::InquiryRow;

namespace {

/// More than a row needs, less than a machine: a script sees all rows of a question at once.
lua::Limits scriptLimits() {
    lua::Limits limits;
    limits.maxBytes = std::size_t{64} << 20U;
    limits.maxChurnBytes = std::size_t{512} << 20U;
    limits.maxInstructions = 50'000'000;
    limits.maxLibrarySteps = 50'000'000;
    limits.maxTime = std::chrono::seconds(10);
    return limits;
}

std::size_t columnOf(const CheckSpec& check, const std::string& name) {
    return static_cast<std::size_t>(std::find(check.columns.begin(), check.columns.end(), name) -
                                    check.columns.begin());
}

std::string filled(std::string text, const std::vector<std::pair<std::string, std::string>>& values) {
    for (const auto& [name, value] : values) {
        const std::string mark = "{" + name + "}";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
            text.replace(at, mark.size(), value);
        }
    }
    return text;
}

Result<InquiryRow> rowFrom(const CheckSpec& check, const lua::Value& value) {
    if (!value.isTable()) return makeError(ErrorCode::kInvalidInput, check.scriptName + ": a finding must be a table");
    InquiryRow out;
    for (const std::string& column : check.columns) {
        const lua::Value& cell = value[column];
        if (cell.isNil()) {
            out.emplace_back();
        } else if (const auto* text = cell.text()) {
            out.emplace_back(*text);
        } else if (const auto* number = cell.integer()) {
            out.emplace_back(std::to_string(*number));
        } else {
            return makeError(ErrorCode::kInvalidInput,
                             check.scriptName + ": " + column + " must be a text or an integer");
        }
    }
    return out;
}

}  // namespace

std::vector<std::string> CheckRunner::missing(const CheckSpec& check) const {
    std::vector<std::string> out;
    for (const std::string& item : check.items) {
        if (parts_.spec(item) == nullptr) out.push_back(item);
    }
    return out;
}

/// The question with the tables of its items.
Result<std::string> CheckRunner::question(const CheckSpec& check) const {
    const auto own = check.sql.find(std::string(parts_.inquirer.dialect()));
    const auto any = own == check.sql.end() ? check.sql.find("") : own;
    if (any == check.sql.end())
        return makeError(ErrorCode::kInvalidInput, check.name + " has no sql for this database");
    std::vector<std::pair<std::string, std::string>> tables;
    for (const std::string& item : check.items) {
        const sync::ItemSpecPtr spec = parts_.spec(item);
        if (spec == nullptr) return makeError(ErrorCode::kConflict, "数据项未接入 / not supplied yet: " + item);
        tables.emplace_back(item, sync::quotedName(spec->table.table));
    }
    return filled(any->second, tables);
}

Result<std::vector<InquiryRow>> CheckRunner::decided(const CheckSpec& check, std::vector<InquiryRow> rows) const {
    if (check.script.empty()) return rows;
    YIMEN_TRY(const auto chunk, lua::Chunk::compile(check.script, check.scriptName));
    lua::State state(scriptLimits(), parts_.clock);
    YIMEN_TRY(const int module, state.load(chunk));
    const auto function = state.function(module, "check");
    if (!function) return makeError(ErrorCode::kInvalidInput, check.scriptName + ": returns no function 'check'");
    lua::Table all;
    for (const InquiryRow& row : rows) {
        lua::Table one;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i]) one.set(check.columns[i], *row[i]);
        }
        all.list.emplace_back(std::move(one));
    }
    YIMEN_TRY(const lua::Value answer, state.call(*function, {lua::Value(std::move(all))}));
    if (!answer.isTable()) return makeError(ErrorCode::kInvalidInput, check.scriptName + ": check must return a list");
    std::vector<InquiryRow> out;
    for (const lua::Value& one : answer.table()->list) {
        YIMEN_TRY(auto row, rowFrom(check, one));
        out.push_back(std::move(row));
    }
    return out;
}

/// Of every batch that brought a record of a finding: {"12": {run, partition, committed_at, map_version}}.
Result<Json> CheckRunner::lineage(const CheckSpec& check, const std::vector<InquiryRow>& rows) {
    std::set<std::int64_t> wanted;
    for (const CheckRecord& record : check.records) {
        if (record.batch.empty()) continue;
        for (const InquiryRow& row : rows) {
            const auto batch = sync::integerOf(row[columnOf(check, record.batch)].value_or(""));
            if (batch) wanted.insert(*batch);
        }
    }
    Json out = Json::object();
    if (wanted.empty()) return out;
    std::string list;
    for (const std::int64_t batch : wanted) list += (list.empty() ? "" : ", ") + std::to_string(batch);
    sync::Inquiry inquiry;
    inquiry.columns = {"id", "run", "part", "committed_at", "map_version"};
    inquiry.sql = "SELECT id, run, part, committed_at, map_version FROM sync_batch WHERE id IN (" + list + ")";
    inquiry.rows = wanted.size();
    YIMEN_TRY(const auto batches, parts_.inquirer.ask(inquiry));
    for (const InquiryRow& row : batches) {
        out[row[0].value_or("")] = {{"run", sync::integerOf(row[1].value_or("")).value_or(0)},
                                    {"partition", row[2].value_or("")},
                                    {"committed_at", sync::integerOf(row[3].value_or("")).value_or(0)},
                                    {"map_version", row[4].value_or("")}};
    }
    return out;
}

store::Finding CheckRunner::finding(const CheckSpec& check, const InquiryRow& row, const Json& batches) const {
    const std::string scope = "check " + check.name;
    std::vector<std::pair<std::string, std::string>> shown;
    Json fields = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i) {
        const auto mask = check.masks.find(check.columns[i]);
        const std::string text =
            parts_.masks.masked(mask == check.masks.end() ? Mask::kPlain : mask->second, row[i].value_or(""), scope);
        shown.emplace_back(check.columns[i], text);
        fields[check.columns[i]] = row[i] ? Json(text) : Json(nullptr);
    }
    Json records = Json::array();
    for (const CheckRecord& record : check.records) {
        Json one = {{"item", record.item}, {"key", Json::object()}, {"system", ""}, {"lineage", nullptr}};
        if (const sync::ItemSpecPtr spec = parts_.spec(record.item)) one["system"] = spec->table.system;
        for (const auto& [field, column] : record.key) one["key"][field] = fields[column];
        if (!record.batch.empty()) {
            const std::string batch = row[columnOf(check, record.batch)].value_or("");
            if (batches.contains(batch)) one["lineage"] = batches[batch];
        }
        records.push_back(std::move(one));
    }
    std::vector<std::string> subject;
    for (const std::string& column : check.subject) subject.push_back(row[columnOf(check, column)].value_or(""));
    return {parts_.masks.rowName(subject, scope), check.severity,
            filled(check.messageZh, shown) + " / " + filled(check.messageEn, shown),
            core::writeJson({{"code", check.code}, {"fields", std::move(fields)}, {"records", std::move(records)}})};
}

Result<std::vector<store::Finding>> CheckRunner::findings(const CheckSpec& check) {
    sync::Inquiry inquiry;
    YIMEN_TRY(inquiry.sql, question(check));
    inquiry.columns = check.columns;
    inquiry.time = check.time;
    inquiry.rows = check.rows;
    YIMEN_TRY(auto rows, parts_.inquirer.ask(inquiry));
    YIMEN_TRY(rows, decided(check, std::move(rows)));
    YIMEN_TRY(const Json batches, lineage(check, rows));
    std::vector<store::Finding> out;
    out.reserve(rows.size());
    for (const InquiryRow& row : rows) out.push_back(finding(check, row, batches));
    return out;
}

Result<store::CheckRunRecord> CheckRunner::run(const CheckSpec& check) {
    store::CheckRunRecord run;
    run.check = check.name;
    run.at = parts_.clock.wall();
    const auto begun = parts_.clock.mono();
    const auto found = findings(check);
    run.millis = std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.mono() - begun).count();
    if (found.ok()) return parts_.alerts.apply(run, *found);
    run.error = found.error().message;
    YIMEN_TRY_STATUS(parts_.alerts.failed(run));
    return found.error();
}

}  // namespace yimen::catalog
