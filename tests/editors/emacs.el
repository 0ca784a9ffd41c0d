;;; Runs in Emacs with the settings of docs/editors.md: sees the finding, takes its fix, saves.  -*- lexical-binding: t -*-
(require 'cl-lib)

(defvar title "Replace ADD with COPY")

(defun await (what condition)
  (let ((end (+ (float-time) 20)))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "Waited in vain for %s" what))
      (accept-process-output nil 0.02))))

(defun findings ()
  (cl-remove-if-not (lambda (diagnostic)
                      (string-match-p "add-instead-of-copy" (flymake-diagnostic-text diagnostic)))
                    (flymake-diagnostics)))

(defun test ()
  (find-file "Dockerfile")
  ;; What eglot-ensure does after a command, and in batch there is none.
  (apply #'eglot (eglot--guess-contact))
  (await "the server" #'eglot-managed-p)
  (flymake-start)
  (await "the finding" (lambda () (= 1 (length (findings)))))
  (let ((place (car (findings))))
    (cl-assert (equal "ADD" (buffer-substring (flymake-diagnostic-beg place)
                                              (flymake-diagnostic-end place))))
    (goto-char (flymake-diagnostic-beg place)))

  ;; Eglot lets a person choose with completing-read (or in a menu, had it been a mouse event).
  (cl-letf* ((last-nonmenu-event ?x)
             ((symbol-function 'completing-read)
              (lambda (_prompt choices &rest _)
                (or (car (assoc title choices))
                    (error "Not offered: %s in %S" title (mapcar #'car choices))))))
    (call-interactively #'eglot-code-actions))
  (await "the edit" (lambda () (looking-at "COPY ")))
  (await "the finding's end" (lambda () (null (findings))))

  ;; And while one types.
  (goto-char (point-max))
  (insert "# 🐳\nADD b.py /app/\n")
  (eglot--signal-textDocument/didChange)
  (await "the new finding" (lambda () (= 1 (length (findings)))))
  (delete-region (line-beginning-position -1) (point-max))
  (eglot--signal-textDocument/didChange)
  (await "its end" (lambda () (null (findings))))
  (save-buffer)
  (eglot-shutdown (eglot-current-server)))

(condition-case problem
    (progn
      (package-initialize) ; this and the next are what Emacs leaves out in batch
      (load (locate-user-emacs-file "init.el") nil t)
      (test))
  (error
   (message "\n%s\n" (error-message-string problem))
   (dolist (buffer (buffer-list))
     (when (string-match-p "EGLOT" (buffer-name buffer))
       (message "--- %s\n%s" (buffer-name buffer) (with-current-buffer buffer (buffer-string)))))
   (kill-emacs 1)))
