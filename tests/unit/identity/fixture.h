#pragma once

#include <memory>
#include <string>

#include "core/clock.h"
#include "core/random.h"
#include "crypto/key_ring.h"
#include "crypto/ticket.h"
#include "identity/directory.h"
#include "unit/store/backend.h"

namespace yimen::identity::test {

using store::test::together;

/// A store on disk, a clock that stands still, real randomness and a key that lives as long as the test.
struct World {
    store::test::SqliteBackend backend;
    store::Stores stores = backend.open();
    core::ManualClock clock;
    core::SystemRandom random;
    crypto::KeyRing keys = crypto::KeyRing::ephemeral(random);
    std::shared_ptr<const crypto::TicketSealer> sealer = std::make_shared<const crypto::TicketSealer>(keys);

    PersonId person(const std::string& key) {
        store::PersonRecord wanted;
        wanted.username = key;
        wanted.usernameKey = key;
        wanted.name = "张伟";
        wanted.phone = "13912345678";
        wanted.createdAt = clock.wall();
        auto made = stores.people->create(wanted);
        EXPECT_TRUE(made.ok());
        return made->id;
    }
    OrgId organisation(const std::string& code, store::OrgKind kind, OrgId parent, store::Validity validity = {}) {
        auto made = stores.organisations->create({0, code, kind, code, "", validity, "", ""}, parent);
        EXPECT_TRUE(made.ok());
        return made->id;
    }
};

}  // namespace yimen::identity::test
