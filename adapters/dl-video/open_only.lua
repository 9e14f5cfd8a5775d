-- Cameras with secrecy 1 are dropped before anything is stored; the run counts them.
return {
  map = function(row)
    if row.secrecy ~= "0" then return nil end
    return {}
  end,
}
