#include "policy/lua_condition.h"

#include <atomic>

#include "core/log.h"
#include "lua/state.h"

namespace yimen::policy {
namespace {

constexpr std::size_t kStatesPerThread = 64;  ///< the oldest goes when rules were reloaded that often

lua::Limits limitsOfCondition() {
    lua::Limits limits;
    limits.maxBytes = 512 * 1024;
    limits.maxInstructions = kLuaInstructions;
    limits.maxLibrarySteps = kLuaInstructions;
    limits.maxTime = std::chrono::milliseconds(5);
    return limits;
}

/// A state and its function, ready to call. States are not thread-safe, so each thread keeps its own.
struct Ready {
    std::uint64_t condition = 0;
    std::unique_ptr<lua::State> state;
    lua::State::Function function = 0;
};

lua::Table textList(const std::vector<std::string>& words) {
    lua::Table table;
    for (const std::string& word : words) table.list.emplace_back(word);
    return table;
}

lua::Value subjectValue(const Subject& subject) {
    lua::Table posts;
    for (const Post& post : subject.posts) {
        lua::Table one;
        one.set("org", textList(post.orgPath)).set("title", post.title).set("roles", textList(post.roles));
        posts.list.emplace_back(std::move(one));
    }
    lua::Table table;
    table.set("username", subject.username).set("roles", textList(subject.roles));
    table.set("assurance", subject.assurance).set("posts", std::move(posts));
    return table;
}

/// Which values a script can ask for. Building them costs more than most scripts do, so only those are built whose name
/// stands in the text; a script that can reach a value without its name (`[...]`, pairs, next) gets them all.
class Wanted {
public:
    explicit Wanted(std::string_view script) : all_(has(script, "[") || has(script, "pairs") || has(script, "next")) {
        subject = all_ || has(script, "subject");
        system = all_ || has(script, "system");
        method = all_ || has(script, "method");
        path = all_ || has(script, "path");
        zone = all_ || has(script, "zone");
        time = all_ || has(script, "time");
    }
    bool subject = false;
    bool system = false;
    bool method = false;
    bool path = false;
    bool zone = false;
    bool time = false;

private:
    static bool has(std::string_view script, std::string_view word) { return script.find(word) != script.npos; }
    bool all_;
};

lua::Value requestValue(const Query& query, const Wanted& wanted) {
    lua::Table table;
    if (wanted.system) table.set("system", query.resource.system);
    if (wanted.method) table.set("method", query.resource.method);
    if (wanted.path) table.set("path", query.resource.path);
    if (wanted.zone) table.set("zone", query.zone);
    if (wanted.time) table.set("time", core::toUnixSeconds(query.environment->time));
    return table;
}

class LuaCondition final : public Condition {
public:
    LuaCondition(lua::Chunk chunk, std::string_view script, const core::Clock& clock)
        : chunk_(std::move(chunk)), wanted_(script), clock_(clock), id_(++lastId) {}

    Truth holds(const Query& query) const noexcept override {
        if (query.environment == nullptr || query.resource.path.empty()) return Truth::kUnknown;
        try {
            const Ready* state = ready();
            if (state == nullptr) return Truth::kUnknown;
            const auto answer = state->state->call(
                state->function,
                {wanted_.subject ? subjectValue(query.subject) : lua::Value(), requestValue(query, wanted_)});
            if (answer.ok()) return truthOf(answer->truthy());
            core::logWarn("policy.lua.failed", {{"script", chunk_.name()}, {"why", answer.error().message}});
        } catch (const std::exception& error) {  // out of memory while building the tables
            core::logError("policy.lua.failed", {{"script", chunk_.name()}, {"why", error.what()}});
        }
        return Truth::kUnknown;
    }
    void unmet(const Query&, bool wanted, std::vector<Unmet>& out) const override {
        out.push_back({{"脚本条件", "script condition"},
                       wanted ? Wording{"不满足", "not met"} : Wording{"满足", "met"},
                       {chunk_.name(), chunk_.name()}});
    }
    void propose(const Query&, bool, std::vector<Change>&) const override {}
    std::string fingerprint() const override { return "lua(" + chunk_.name() + ")"; }

private:
    const Ready* ready() const {
        static thread_local std::vector<Ready> states;
        for (const Ready& kept : states) {
            if (kept.condition == id_) return &kept;
        }
        Ready fresh;
        fresh.condition = id_;
        fresh.state = std::make_unique<lua::State>(limitsOfCondition(), clock_);
        const auto module = fresh.state->load(chunk_);
        const auto function = module.ok() ? fresh.state->function(*module, "") : std::nullopt;
        if (!function) return nullptr;
        fresh.function = *function;
        if (states.size() >= kStatesPerThread) states.erase(states.begin());
        states.push_back(std::move(fresh));
        return &states.back();
    }

    static inline std::atomic<std::uint64_t> lastId{0};

    lua::Chunk chunk_;
    Wanted wanted_;
    const core::Clock& clock_;
    std::uint64_t id_;
};

}  // namespace

RuleSources luaSources(const core::Clock& clock) {
    RuleSources sources;
    sources.compileLua = [&clock](std::string_view script, std::string_view where) -> core::Result<ConditionPtr> {
        const std::string source = "return function(subject, request) " + std::string(script) + "\nend";
        YIMEN_TRY(lua::Chunk chunk, lua::Chunk::compile(source, std::string(where)));
        return ConditionPtr(std::make_unique<LuaCondition>(std::move(chunk), script, clock));
    };
    return sources;
}

}  // namespace yimen::policy
