var el = document.getElementById('clues');
if (el)
  fetch('/lz/api/clue')
    .then(function (r) {
      return r.json();
    })
    .then(function (d) {
      el.textContent = d.user + ' ' + d.total;
    });
