#include "catalog/catalog.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/file.h"
#include "core/json.h"

namespace yimen::catalog {

namespace {

using core::ErrorCode;
using core::Json;

constexpr std::size_t kMaxCatalogBytes = std::size_t{8} << 20U;

/// Reads the members of one item; what is wrong is gathered, not thrown about.
class ItemReader {
public:
    ItemReader(const Json& object, std::string place, std::vector<std::string>& faults)
        : object_(object), place_(std::move(place)), faults_(faults) {}

    std::string text(const char* key) {
        asked_.insert(key);
        if (!object_.contains(key) || !object_[key].is_string()) {
            fault(key, "must be a text");
            return {};
        }
        return object_[key].get<std::string>();
    }

    template <typename T, std::size_t N>
    T word(const char* key, const std::array<std::pair<std::string_view, T>, N>& words) {
        const std::string found = text(key);
        for (const auto& [name, value] : words) {
            if (name == found) return value;
        }
        std::string known;
        for (const auto& [name, value] : words) {
            known += known.empty() ? "" : ", ";
            known += name;
        }
        fault(key, "'" + found + "' is none of: " + known);
        return words[0].second;
    }

    std::vector<std::string> texts(const char* key) {
        asked_.insert(key);
        std::vector<std::string> out;
        if (!object_.contains(key) || !object_[key].is_array() || object_[key].empty()) {
            fault(key, "must be a list of texts, not empty");
            return out;
        }
        for (const Json& part : object_[key]) {
            if (part.is_string()) {
                out.push_back(part.get<std::string>());
            } else {
                fault(key, "must be a list of texts");
            }
        }
        return out;
    }

    void finish(std::initializer_list<const char*> ignored) {
        for (const char* key : ignored) asked_.insert(key);
        for (const auto& [key, value] : object_.items()) {
            if (!asked_.contains(key)) fault(key, "is not a member of an item");
        }
    }

private:
    void fault(const std::string& key, const std::string& what) { faults_.push_back(place_ + " " + key + ": " + what); }

    const Json& object_;
    const std::string place_;
    std::vector<std::string>& faults_;
    std::set<std::string> asked_;
};

constexpr std::array<std::pair<std::string_view, int>, 4> kLevels{
    {{"一般1级", 1}, {"一般2级", 2}, {"一般3级", 3}, {"一般4级", 4}}};
constexpr std::array<std::pair<std::string_view, Personal>, 3> kPersonal{
    {{"none", Personal::kNone}, {"personal", Personal::kPersonal}, {"sensitive_personal", Personal::kSensitive}}};
constexpr std::array<std::pair<std::string_view, ShareType>, 3> kShares{{{"无条件共享", ShareType::kUnconditional},
                                                                         {"有条件共享", ShareType::kConditional},
                                                                         {"不予共享", ShareType::kNone}}};
constexpr std::array<std::pair<std::string_view, Acquire>, 3> kAcquire{
    {{"接口互联", Acquire::kInterface}, {"定期拷贝", Acquire::kCopy}, {"本级产生", Acquire::kOwn}}};
constexpr std::array<std::pair<std::string_view, bool>, 2> kOpen{{{"不开放", false}, {"可向社会开放", true}}};

DataItem readItem(const Json& object, const std::string& place, std::vector<std::string>& faults) {
    ItemReader reader(object, place, faults);
    DataItem item;
    item.code = reader.text("code");
    item.resourceCode = reader.text("resource_code");
    item.name = reader.text("name");
    item.category = reader.text("category");
    item.source = reader.text("source");
    item.provider = reader.text("provider");
    item.level = reader.word("level", kLevels);
    item.personal = reader.word("pi", kPersonal);
    item.share = reader.word("share_type", kShares);
    item.shareCondition = reader.text("share_condition");
    item.open = reader.word("open_attr", kOpen);
    item.cycle = reader.text("update_cycle");
    item.acquire = reader.word("acquire_mode", kAcquire);
    item.keyFields = reader.texts("key_fields");
    item.format = reader.text("format");
    reader.finish({"seq"});
    return item;
}

}  // namespace

core::Result<Catalog> Catalog::load(const std::string& path) {
    YIMEN_TRY(const std::string text, core::readFile(path, kMaxCatalogBytes));
    return parse(text, path);
}

core::Result<Catalog> Catalog::parse(std::string_view text, const std::string& name) {
    const auto json = core::parseJson(text);
    if (!json.ok()) return core::makeError(ErrorCode::kInvalidInput, name + ": " + json.error().message);
    if (!json->is_array()) return core::makeError(ErrorCode::kInvalidInput, name + ": must be a list of items");
    Catalog out;
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < json->size(); ++i) {
        const Json& object = (*json)[i];
        std::string place = name + ": item " + std::to_string(i + 1);
        if (!object.is_object()) {
            faults.push_back(place + ": must be an object");
            continue;
        }
        if (object.contains("code") && object["code"].is_string())
            place += " (" + object["code"].get<std::string>() + ")";
        DataItem item = readItem(object, place, faults);
        if (!out.byCode_.emplace(item.code, out.items_.size()).second) faults.push_back(place + " code: stands twice");
        out.items_.push_back(std::move(item));
    }
    if (faults.empty()) return out;
    std::string message;
    for (const std::string& fault : faults) message += (message.empty() ? "" : "\n") + fault;
    return core::makeError(ErrorCode::kInvalidInput, std::move(message));
}

const DataItem* Catalog::find(std::string_view code) const noexcept {
    const auto found = byCode_.find(code);
    return found == byCode_.end() ? nullptr : &items_[found->second];
}

std::vector<const DataItem*> Catalog::search(std::string_view words) const {
    std::vector<const DataItem*> out;
    for (const DataItem& item : items_) {
        const std::string all =
            item.code + " " + item.name + " " + item.provider + " " + item.source + " " + item.category;
        bool every = true;
        std::string_view rest = words;
        while (!rest.empty() && every) {
            const std::size_t space = rest.find(' ');
            const std::string_view word = rest.substr(0, space);
            rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
            every = all.find(word) != std::string::npos;
        }
        if (every) out.push_back(&item);
    }
    return out;
}

}  // namespace yimen::catalog
