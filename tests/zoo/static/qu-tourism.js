document.addEventListener('DOMContentLoaded', function () {
  var flow = document.getElementById('flow');
  if (flow)
    fetch('/wl/api/flow/', { headers: { 'X-Requested-With': 'XMLHttpRequest' } })
      .then(function (r) {
        return r.json();
      })
      .then(function (d) {
        flow.textContent = d.user + ' ' + d.today;
      });
  var fav = document.getElementById('fav');
  if (fav)
    fav.onclick = function () {
      var token = document.querySelector('[name=csrfmiddlewaretoken]').value;
      fetch('/wl/api/favorite/', { method: 'POST', headers: { 'X-CSRFToken': token } })
        .then(function (r) {
          return r.json();
        })
        .then(function (d) {
          document.getElementById('fav-result').textContent = '已收藏 ' + d.user;
        });
    };
});
