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
    lua::Value answer;  ///< of the last call
};

lua::Table textList(const std::vector<std::string>& words) {
    lua::Table table;
    for (const std::string& word : words) table.list.emplace_back(word);
    return table;
}

lua::Value rolesOf(const void* subject) {
    return textList(static_cast<const Subject*>(subject)->roles);
}

lua::Value postsOf(const void* subject) {
    lua::Table posts;
    for (const Post& post : static_cast<const Subject*>(subject)->posts) {
        lua::Table one;
        one.set("org", textList(post.orgPath)).set("title", post.title).set("roles", textList(post.roles));
        posts.list.emplace_back(std::move(one));
    }
    return posts;
}

class LuaCondition final : public Condition {
public:
    LuaCondition(lua::Chunk chunk, const core::Clock& clock) : chunk_(std::move(chunk)), clock_(clock), id_(++lastId) {}

    Truth holds(const Query& query) const noexcept override {
        if (query.environment == nullptr || query.resource.path.empty()) return Truth::kUnknown;
        try {
            Ready* state = ready();
            if (state == nullptr) return Truth::kUnknown;
            const auto asked = ask(*state, query);
            if (asked.ok()) return truthOf(state->answer.truthy());
            core::logWarn("policy.lua.failed", {{"script", chunk_.name()}, {"why", asked.error().message}});
        } catch (const std::exception& error) {  // out of memory
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
    static core::Status ask(Ready& ready, const Query& query) {
        using lua::View;
        const Subject& subject = query.subject;
        const View::Member known[] = {{"username", std::string_view(subject.username)},
                                      {"roles", View::made(rolesOf, &subject)},
                                      {"assurance", std::int64_t{subject.assurance}},
                                      {"posts", View::made(postsOf, &subject)}};
        const View::Member asked[] = {{"system", std::string_view(query.resource.system)},
                                      {"method", std::string_view(query.resource.method)},
                                      {"path", std::string_view(query.resource.path)},
                                      {"zone", std::string_view(query.zone)},
                                      {"time", core::toUnixSeconds(query.environment->time)}};
        const View arguments[] = {View::table(known), View::table(asked)};
        return ready.state->callWith(ready.function, arguments, ready.answer);
    }
    Ready* ready() const {
        static thread_local std::vector<Ready> states;
        for (Ready& kept : states) {
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
    const core::Clock& clock_;
    std::uint64_t id_;
};

}  // namespace

RuleSources luaSources(const core::Clock& clock) {
    RuleSources sources;
    sources.compileLua = [&clock](std::string_view script, std::string_view where) -> core::Result<ConditionPtr> {
        const std::string source = "return function(subject, request) " + std::string(script) + "\nend";
        YIMEN_TRY(lua::Chunk chunk, lua::Chunk::compile(source, std::string(where)));
        return ConditionPtr(std::make_unique<LuaCondition>(std::move(chunk), clock));
    };
    return sources;
}

}  // namespace yimen::policy
