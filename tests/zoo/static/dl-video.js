var el = document.getElementById('status');
if (el)
  fetch('/vms/api/status')
    .then(function (r) {
      return r.json();
    })
    .then(function (d) {
      el.textContent = d.data.user + ' ' + d.data.online + '/' + d.data.total;
    });
