#pragma once

#include <string>
#include <vector>

#include "policy/decision.h"
#include "policy/types.h"

namespace yimen::policy {

/// What would be different. Exactly one of these is applied by PolicyEngine::whatIf.
enum class ChangeKind {
    kNone,       ///< nothing needed: allowed already
    kAddRole,    ///< the person gets the role `role`
    kAddPost,    ///< the person gets `post`
    kDropRole,   ///< the person gives the role `role` back, wherever it comes from
    kAssurance,  ///< the person signs in at level `assurance`
    kClient,     ///< the person comes from the address `client`
    kTime,       ///< the person comes at `time`
    kRequest,    ///< the person asks for `method` `path` instead
    kException   ///< an administrator writes a dated exception for this person and this system
};

/// One change that is enough, with what is needed to apply it. A value; any thread.
struct Change {
    ChangeKind kind = ChangeKind::kNone;
    std::string role;
    Post post;
    int assurance = 0;
    core::IpAddress client;
    core::WallTime time;
    std::string method;
    std::string path;
    Wording words;  ///< for people
};

/// Why. Texts are for people and hold no secret. A value; any thread.
struct Explanation {
    Effect effect = Effect::kDeny;
    std::string rule;   ///< the deciding rule, or the nearest one when none matched ("default-deny" if none is near)
    Wording ruleTitle;  ///< what that rule is for
    std::vector<Unmet> unmet;  ///< empty when allowed
    Change change;             ///< verified: the same engine says allow (or step-up is met) with it applied
    std::string whoCanGrant;   ///< office that can make the change; may be empty
    Wording summary;           ///< one or two sentences that say all of the above
};

}  // namespace yimen::policy
