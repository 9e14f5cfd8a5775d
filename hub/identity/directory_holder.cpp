#include "identity/directory.h"

namespace yimen::identity {

DirectoryHolder::DirectoryHolder(store::Stores& stores) : stores_(stores), current_(Directory::build({}).value()) {}

core::Status DirectoryHolder::reload() {
    const std::lock_guard lock(reloading_);
    // Who is pointed at is read after who points: rows are never deleted, so nothing can dangle.
    DirectoryData data;
    YIMEN_TRY(data.posts, stores_.posts->all());
    YIMEN_TRY(data.placements, stores_.organisations->placements());
    YIMEN_TRY(data.organisations, stores_.organisations->all());
    YIMEN_TRY(data.people, stores_.people->all());
    YIMEN_TRY(auto built, Directory::build(std::move(data)));
    current_.store(std::move(built));
    return {};
}

}  // namespace yimen::identity
