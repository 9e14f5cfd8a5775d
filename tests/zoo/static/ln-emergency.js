var el = document.getElementById('duty');
if (el)
  fetch('/emg/api/duty.ashx')
    .then(function (r) {
      return r.json();
    })
    .then(function (d) {
      el.textContent = d.duty + ' ' + d.level;
    });
