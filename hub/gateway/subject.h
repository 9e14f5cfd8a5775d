#pragma once

#include <chrono>

#include "identity/directory.h"
#include "identity/session.h"
#include "policy/types.h"

namespace yimen::gateway {

/// What the rules are told about the person of a session, as of `now` on `day` of the site. Built once per session and
/// directory snapshot, not per request. Any thread.
policy::Subject subjectOf(const identity::Session& session, const identity::Directory& directory, identity::Day day,
                          core::WallTime now);

/// The same for a person without a session (the administrator's "who can reach what"): password assurance, first post.
policy::Subject subjectOf(identity::PersonId person, const identity::Directory& directory, identity::Day day);

}  // namespace yimen::gateway
